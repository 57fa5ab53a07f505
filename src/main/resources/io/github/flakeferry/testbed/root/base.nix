# the system that a new board runs
{ platform, loader }:
import ./nixos {
  modules = [
    {
      nixpkgs.hostPlatform = platform;
      boot.loader = loader;
      networking.hostName = "factory";
    }
  ];
}
