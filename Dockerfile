# The action's image: Flakeferry on a Java runtime of its own, with Nix, Git and the SSH client.

FROM debian:trixie-slim AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends maven openjdk-25-jdk-headless \
    && rm -rf /var/lib/apt/lists/*

# The first line is what the libraries need. The second has the security providers that java.security
# lists: for each one that is missing, Java would look through all jars, and load Bouncy Castle while at
# it, which takes two seconds (seen with OkHttp, which asks for all of them).
# Debian's JDK trusts /etc/ssl/certs/java/cacerts, by a link that would lead nowhere.
RUN /usr/lib/jvm/java-25-openjdk-*/bin/jlink --output /opt/flakeferry/java \
        --add-modules java.base,java.logging,java.management,java.naming,java.security.jgss,java.sql,jdk.httpserver,jdk.unsupported \
        --add-modules java.security.sasl,java.smartcardio,java.xml.crypto,jdk.crypto.cryptoki,jdk.security.jgss \
        --strip-java-debug-attributes --no-header-files --no-man-pages --generate-cds-archive \
    && cp --remove-destination /etc/ssl/certs/java/cacerts /opt/flakeferry/java/lib/security/cacerts

WORKDIR /build
COPY pom.xml ./
COPY src/main src/main
# the history is not here to ask
ARG COMMIT=unknown
RUN mvn --batch-mode --no-transfer-progress -Dmaven.test.skip=true -Dexec.skip=true \
        -Dgit.commit.id.full="$COMMIT" package \
    && mv target/flakeferry.jar target/lib /opt/flakeferry/


FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git nix-bin openssh-client zstd \
    && rm -rf /var/lib/apt/lists/*

# Debian's package brings neither builders nor settings. The ids are fixed: one that is given out by
# itself (999) may be, on the machine whose folders and sockets are mounted, the group that has the
# Docker socket. Those of the builders are the ones that Nix's own installer takes. Nothing here has a
# need of programs that run as their owner.
RUN groupadd --gid 30000 nixbld \
    && for n in $(seq 1 32); do \
        useradd --uid $((30000 + n)) --gid nixbld --groups nixbld --no-create-home --home-dir /var/empty \
            --shell /usr/sbin/nologin --comment "Nix builder $n" "nixbld$n" || exit 1; \
    done \
    && groupadd --gid 30100 flakeferry-eval \
    && useradd --uid 30100 --gid flakeferry-eval --no-create-home --home-dir /var/lib/flakeferry-eval \
        --shell /usr/sbin/nologin --comment "evaluates flakes" flakeferry-eval \
    && install --directory --mode 0700 --owner flakeferry-eval --group flakeferry-eval \
        /var/lib/flakeferry-eval \
    && find / -xdev -type f -perm /6000 -exec chmod ug-s {} +
COPY src/main/container/nix.conf /etc/nix/nix.conf
COPY src/main/container/gitconfig /etc/gitconfig

# file names in Git are UTF-8
ENV LANG=C.UTF-8
COPY LICENSE /opt/flakeferry/
COPY --from=build /opt/flakeferry /opt/flakeferry

ARG COMMIT=unknown
LABEL org.opencontainers.image.title="Flakeferry" \
      org.opencontainers.image.description="Cross-builds NixOS systems in CI and ferries them to boards" \
      org.opencontainers.image.source="https://github.com/flakeferry/flakeferry" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="$COMMIT"

# no shell between: Java itself must get the signals when a job is cancelled
ENTRYPOINT ["/opt/flakeferry/java/bin/java", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-jar", "/opt/flakeferry/flakeferry.jar"]
CMD ["run"]
