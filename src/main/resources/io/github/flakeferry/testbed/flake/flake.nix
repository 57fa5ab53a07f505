{
  description = "Boards, and what runs on them";

  # no inputs: everything that this needs lies beside it, see nixos/default.nix
  outputs =
    { self }:
    let
      nixosSystem = import ./nixos;
    in
    {
      nixosConfigurations = {
        # built on a board itself, or by emulation
        unmatched = nixosSystem {
          modules = [
            ./hosts/unmatched.nix
            { nixpkgs.hostPlatform = "riscv64-linux"; }
          ];
        };

        # the same system, built by a cross compiler
        unmatched-from-x86_64 = nixosSystem {
          modules = [
            ./hosts/unmatched.nix
            {
              nixpkgs.buildPlatform = "x86_64-linux";
              nixpkgs.hostPlatform = "riscv64-linux";
            }
          ];
        };

        # for a board with the processor of most build machines
        board-amd64 = nixosSystem {
          modules = [
            ./hosts/board-amd64.nix
            { nixpkgs.hostPlatform = "x86_64-linux"; }
          ];
        };
      };
    };
}
