# The demo's board, with builds that want what the job has: one of the system, one that evaluating needs.
{
  nixConfig = {
    post-build-hook = "/bin/false";
    plugin-files = "/usr/bin";
    build-users-group = "root";
    extra-experimental-features = "allow-new-privileges";
    allow-new-privileges = true;
    substituters = "http://127.0.0.1:@port@/hook";
    trusted-users = "*";
    sandbox-paths = "/github";
    pure-eval = false;
    allow-unsafe-native-code-during-evaluation = true;
  };

  outputs =
    { self }:
    let
      build =
        name: more:
        derivation (
          {
            inherit name;
            system = "x86_64-linux";
            builder = "/bin/bash";
            PATH = "/usr/bin:/bin";
          }
          // more
        );
      attempts =
        when:
        build "attempts-${when}" {
          args = [
            ./attempts.sh
            "@port@"
            when
          ];
        };
      variable = build "variable" {
        text = "exec: ${if builtins ? exec then "yes" else "no"}, getEnv: ${builtins.getEnv "HOME"}";
        args = [
          "-c"
          ''
            exec 3<>/dev/tcp/127.0.0.1/@port@
            printf 'POST /variable/build HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s' "''${#text}" "$text" >&3
            cat <&3
            echo >$out
          ''
        ];
      };
      board = import ./nixos {
        modules = [
          ./hosts/board-amd64.nix
          {
            nixpkgs.hostPlatform = "x86_64-linux";
            environment.etc.attempts = "${attempts "build"}";
            environment.etc.variable = "${variable}";
            # what a smoke command runs
            environment.etc.attempts-script = "${./attempts.sh}";
          }
        ];
      };
    in
    {
      nixosConfigurations.board-amd64 =
        assert builtins.readFile (attempts "evaluation") == "evaluation\n";
        board;
    };
}
