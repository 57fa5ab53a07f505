{ runCommand }:
runCommand "motd-2026.11" { src = ./motd; } ''
  mkdir -p $out
  cp $src $out/motd
''
