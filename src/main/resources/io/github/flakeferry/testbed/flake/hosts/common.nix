# what all our boards have in common
{ pkgs, ... }:
{
  nixpkgs.overlays = [
    (final: previous: {
      hello = final.callPackage ../packages/hello { };
      motd = final.callPackage ../packages/motd { };
    })
  ];

  boot.kernelVersion = "@kernel@";
  networking.wired = @wired@;

  environment.systemPackages = [ @packages@ ];
  environment.etc.motd = "${pkgs.motd}/motd";

  # says hello once the board is up; `/run/hello` then has what it said
  systemd.services.hello = ''
    [Unit]
    Description=Hello from the board

    [Service]
    Type=oneshot
    RemainAfterExit=yes
    ExecStart=${pkgs.hello}/bin/hello /run/hello

    [Install]
    WantedBy=multi-user.target
  '';
}
