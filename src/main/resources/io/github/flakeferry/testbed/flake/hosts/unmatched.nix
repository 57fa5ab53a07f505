{ ... }:
{
  imports = [ ./common.nix ];
  networking.hostName = "unmatched";
  boot.loader = "extlinux"; # by way of U-Boot
}
