# A pocket edition of NixOS: of what `nixpkgs.lib.nixosSystem` gives, the part that building,
# publishing and deploying see. It has no compiler and no tools of its own: builders use those of
# the machine (`sandbox = false`), a system's `sw` has links to those that its board has.
{ modules }:
let
  inherit (builtins)
    attrNames
    attrValues
    concatMap
    concatStringsSep
    foldl'
    functionArgs
    intersectAttrs
    isAttrs
    isFunction
    isList
    mapAttrs
    ;

  platforms = {
    riscv64-linux = "riscv64-linux-gnu";
    x86_64-linux = "x86_64-linux-gnu";
    aarch64-linux = "aarch64-linux-gnu";
  };
  elaborate = platform: {
    system = platform;
    config = platforms.${platform} or (throw "unknown platform '${platform}'");
  };

  # modules: sets, functions to sets, or files of either; sets and lists are merged
  load =
    module:
    let
      content = if isAttrs module || isFunction module then module else import module;
      set = if isFunction content then content { inherit config pkgs; } else content;
    in
    concatMap load (set.imports or [ ]) ++ [ (removeAttrs set [ "imports" ]) ];
  merge =
    a: b:
    a
    // mapAttrs (
      name: value:
      if !(a ? ${name}) then
        value
      else if isAttrs a.${name} && isAttrs value then
        merge a.${name} value
      else if isList a.${name} && isList value then
        a.${name} ++ value
      else
        value
    ) b;
  defaults = {
    boot.kernelVersion = "6.12.1";
    boot.loader = "systemd-boot";
    boot.extraInstallCommands = ""; # after the boot loader's files are written
    environment.etc = { };
    environment.systemPackages = [ ];
    networking.hostName = "nixos";
    networking.wired = true;
    nixpkgs.overlays = [ ];
    system.activationScript = "";
    system.preSwitchChecks = ""; # gets what switch-to-configuration is asked to do
    system.nixosVersion = "26.05.20261101.0000000";
    systemd.services = { };
  };
  declared = foldl' merge defaults (concatMap load modules);

  hostPlatform = elaborate declared.nixpkgs.hostPlatform;
  buildPlatform =
    if declared.nixpkgs ? buildPlatform then elaborate declared.nixpkgs.buildPlatform else hostPlatform;

  pkgs = foldl' (previous: overlay: previous // overlay pkgs previous) {
    stdenv = { inherit buildPlatform hostPlatform; };
    inherit runCommand;
    callPackage =
      file: arguments:
      let
        package = import file;
      in
      package (intersectAttrs (functionArgs package) pkgs // arguments);
  } declared.nixpkgs.overlays;

  runCommand =
    name: environment: script:
    derivation (
      {
        inherit name;
        system = buildPlatform.system;
        builder = "/bin/sh";
        args = [
          "-euc"
          script
        ];
        PATH = "/usr/bin:/bin";
      }
      // environment
    );

  kernel = runCommand "linux-${declared.boot.kernelVersion}" { } ''
    mkdir -p $out/dtbs $out/lib/modules/${declared.boot.kernelVersion}
    echo "kernel ${declared.boot.kernelVersion} for ${hostPlatform.system}" >$out/Image
  '';
  initrd = runCommand "initrd-linux-${declared.boot.kernelVersion}" { inherit kernel; } ''
    mkdir -p $out
    echo "initrd of $kernel" >$out/initrd
  '';

  networkSetup = runCommand "network-setup" { src = ./network-setup.sh; } ''
    mkdir -p $out/bin
    cp $src $out/bin/network-setup
    chmod +x $out/bin/network-setup
  '';
  services = declared.systemd.services // {
    network-setup = ''
      [Unit]
      Description=Wired network
      Before=network.target
      # each switch starts it anew: systemd would stop at the sixth within ten seconds
      StartLimitIntervalSec=0

      [Service]
      Type=oneshot
      RemainAfterExit=yes
      Environment=PATH=${systemPath}/bin
      ExecStart=${networkSetup}/bin/network-setup ${if declared.networking.wired then "up" else "down"}

      [Install]
      WantedBy=multi-user.target
    '';
  };

  etc = runCommand "etc" { } ''
    mkdir -p $out/systemd/system/multi-user.target.wants
    echo ${declared.networking.hostName} >$out/hostname
    printf '127.0.0.1 localhost\n127.0.0.2 ${declared.networking.hostName}\n' >$out/hosts
    ${concatStringsSep "\n" (
      attrValues (mapAttrs (name: source: "ln -s ${source} $out/${name}") declared.environment.etc)
    )}
    ${concatStringsSep "\n" (
      map (name: ''
        cat >$out/systemd/system/${name}.service <<'UNIT'
        ${services.${name}}
        UNIT
        ln -s ../${name}.service $out/systemd/system/multi-user.target.wants/${name}.service
      '') (attrNames services)
    )}
  '';

  systemPath = runCommand "system-path" {
    packages = declared.environment.systemPackages;
    tools = ./tools;
    bootctl = ./bootctl.sh;
  } ''
    mkdir -p $out/bin
    for tool in $(cat $tools); do
      ln -s /usr/bin/$tool $out/bin/$tool
    done
    sed "s|@out@/sw|$out|" $bootctl >$out/bin/bootctl
    chmod +x $out/bin/bootctl
    for package in $packages; do
      ln -sf $package/bin/* $out/bin/
    done
    printf '#!/bin/sh\necho %s\n' ${declared.system.nixosVersion} >$out/bin/nixos-version
    chmod +x $out/bin/nixos-version
  '';

  toplevel =
    runCommand "nixos-system-${declared.networking.hostName}-${declared.system.nixosVersion}"
      {
        activate = ./activate.sh;
        init = ./init.sh;
        switch = ./switch-to-configuration.sh;
        snippet = declared.system.activationScript;
        checks = declared.system.preSwitchChecks;
        extra = declared.boot.extraInstallCommands;
      }
      ''
        mkdir -p $out/bin
        fill() {
          sed -e "s|@out@|$out|g" -e "s|@loader@|${declared.boot.loader}|g" "$1" >"$2"
          chmod +x "$2"
        }
        fill $switch $out/bin/switch-to-configuration
        fill $init $out/init
        fill $activate $out/activate
        echo "$snippet" >>$out/activate
        printf '#!/bin/sh\n%s\n' "$checks" >$out/bin/pre-switch-checks
        printf '#!/bin/sh\n%s\n' "$extra" >$out/bin/extra-install-commands
        chmod +x $out/bin/*
        printf %s ${declared.system.nixosVersion} >$out/nixos-version
        printf %s ${hostPlatform.system} >$out/system
        printf %s "systemd 2" >$out/init-interface-version
        printf %s "loglevel=4" >$out/kernel-params
        ln -s ${kernel}/Image $out/kernel
        ln -s ${kernel} $out/kernel-modules
        ln -s ${kernel}/dtbs $out/dtbs
        ln -s ${initrd}/initrd $out/initrd
        ln -s ${systemPath} $out/sw
        ln -s ${etc} $out/etc
        ln -s /usr/lib/systemd $out/systemd
      '';

  config = declared // {
    nixpkgs = declared.nixpkgs // {
      inherit buildPlatform hostPlatform;
    };
    system = declared.system // {
      build = { inherit toplevel kernel; };
    };
  };
in
{
  inherit config pkgs;
  extendModules = more: import ./default.nix { modules = modules ++ more.modules; };
}
