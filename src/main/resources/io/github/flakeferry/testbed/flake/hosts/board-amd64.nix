{ ... }:
{
  imports = [ ./common.nix ];
  networking.hostName = "board-amd64";
  boot.loader = "systemd-boot";
}
