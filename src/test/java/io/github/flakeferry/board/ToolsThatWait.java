package io.github.flakeferry.board;

/**
 * A module of systems whose tools hold a board at a place of its deployment as long as a file is
 * there. They are Debian's with a stop before or after: in the old system's PATH the supervisor
 * finds them, in the new one's its switch-to-configuration.
 */
final class ToolsThatWait {
  private static final String MODULE =
      """
      ({ pkgs, ... }: {
        @settings@
        environment.systemPackages = [
          (pkgs.runCommand "tools-that-wait" { } ''
            mkdir -p $out/bin
            put() { cat >$out/bin/$1; chmod +x $out/bin/$1; }
            put hold <<'END'
            #!/bin/sh
            while [ -e /run/hold-$1 ] || [ -e /var/hold-$1 ]; do : >/run/held-$1; sleep 0.05; done
            END
            put nix-env <<'END'
            #!/bin/sh
            hold @profile@
            /usr/bin/nix-env "$@"
            status=$?
            hold profile-set
            exit $status
            END
            put sync <<'END'
            #!/bin/sh
            /usr/bin/sync "$@"
            status=$?
            [ "$1" != -f ] || hold loader-set
            exit $status
            END
            put @tool@ <<'END'
            #!/bin/sh
            @wait@
            exec /usr/bin/@tool@ "$@"
            END
          '')
        ];
      })
      """;

  private ToolsThatWait() {}

  /**
   * @param settings of the system, in Nix
   * @param profile the place before the profile is set
   * @param tool one more that waits before it begins
   * @param wait how, in shell: {@code hold PLACE}
   */
  static String module(String settings, String profile, String tool, String wait) {
    return MODULE
        .replace("@settings@", settings)
        .replace("@profile@", profile)
        .replace("@tool@", tool)
        .replace("@wait@", wait);
  }
}
