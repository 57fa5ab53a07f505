{ stdenv, runCommand }:
let
  version = "@version@";
in
# Debian's compilers carry the name of the platform that they compile for, the native one too
runCommand "hello-${version}" { src = ./hello.c; } ''
  mkdir -p $out/bin
  ${stdenv.hostPlatform.config}-gcc -static -O2 -Wall -Wextra -o $out/bin/hello $src
''
