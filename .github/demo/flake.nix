{
  description = "What the project's own workflow has the action build";

  outputs =
    { self }:
    let
      nixosSystem = import ../../src/main/resources/io/github/flakeferry/testbed/flake/nixos;
    in
    {
      # nothing of it needs a compiler, since the action's image has none
      nixosConfigurations.demo-from-x86_64 = nixosSystem {
        modules = [
          {
            networking.hostName = "demo";
            nixpkgs.buildPlatform = "x86_64-linux";
            nixpkgs.hostPlatform = "riscv64-linux";
          }
        ];
      };
    };
}
