# The action's image: Flakeferry on a Java runtime of its own, with Nix, Git and the SSH client.

# Not pinned here are Debian's packages: a mirror drops each version when the next one comes, so a pinned
# one would break the build within weeks. A release names its base by digest (--build-arg BASE=debian@sha256:...),
# and its own digest is what pins the rest. What Maven brings is pinned by the pom.
# Nothing here depends on the machine's kind: built on amd64 and on arm64 alike.
ARG BASE=debian:trixie-slim

FROM ${BASE} AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git maven openjdk-25-jdk-headless \
    && rm -rf /var/lib/apt/lists/*

# The first line is what the libraries need. The second has the security providers that java.security
# lists: for each one that is missing, Java would look through all jars, and load Bouncy Castle while at
# it, which takes two seconds (seen with OkHttp, which asks for all of them).
# Debian's JDK brings its symbols for debuggers along, 700 MB.
# It trusts /etc/ssl/certs/java/cacerts, by a link that would lead nowhere, and whose file notes when it
# was made: the same in the form that notes nothing.
RUN /usr/lib/jvm/java-25-openjdk-*/bin/jlink --output /opt/flakeferry/java \
        --add-modules java.base,java.logging,java.management,java.naming,java.security.jgss,java.sql,jdk.httpserver,jdk.unsupported \
        --add-modules java.security.sasl,java.smartcardio,java.xml.crypto,jdk.crypto.cryptoki,jdk.security.jgss \
        --strip-java-debug-attributes --no-header-files --no-man-pages \
    && find /opt/flakeferry/java -name '*.debuginfo' -delete \
    && rm -f /opt/flakeferry/java/lib/security/cacerts \
    && keytool -importkeystore -noprompt -srckeystore /etc/ssl/certs/java/cacerts -srcstorepass changeit \
        -destkeystore /opt/flakeferry/java/lib/security/cacerts -deststoretype PKCS12 -deststorepass changeit \
        -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.macAlgorithm=NONE

WORKDIR /build
COPY pom.xml ./
COPY src/main src/main
COPY src/doc/errors src/doc/errors
# the history is not here to ask
ARG COMMIT=unknown
RUN mvn --batch-mode --no-transfer-progress -Dmaven.test.skip=true -Dexec.skip=true \
        -Dgit.commit.id.full="$COMMIT" package cyclonedx:makeBom \
    && mv target/flakeferry.jar target/flakeferry.cdx.json target/lib /opt/flakeferry/
COPY LICENSE src/main/jvm.options /opt/flakeferry/

# Java keeps what it learns from one real run (JEP 514), for this very path and these very times of the
# files: the pom's outputTimestamp. Without -AOTClassLinking it would load all of those classes before the
# first one that a command needs, which takes longer than it saves (0.4 s, seen with --version).
ARG SOURCE_DATE_EPOCH=1793491200
COPY src/build/TrainStart.java ./
RUN chmod -R u=rwX,go=rX /opt/flakeferry \
    && find /opt/flakeferry -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} + \
    && /usr/lib/jvm/java-25-openjdk-*/bin/java -cp /opt/flakeferry/flakeferry.jar TrainStart.java \
        /opt/flakeferry/java/bin/java -XX:AOTCacheOutput=/opt/flakeferry/flakeferry.aot \
        -XX:-AOTClassLinking -Xlog:disable -Xlog:all=error @/opt/flakeferry/jvm.options \
        -jar /opt/flakeferry/flakeferry.jar run \
    && chmod 644 /opt/flakeferry/flakeferry.aot \
    && touch --date="@$SOURCE_DATE_EPOCH" /opt/flakeferry/flakeferry.aot /opt/flakeferry


FROM ${BASE}
# without what only people read, as Debian's own slim image has it, and what tells when it was built
RUN printf 'path-exclude /usr/share/%s/*\n' doc info locale man >/etc/dpkg/dpkg.cfg.d/slim \
    && apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git nix-bin openssh-client zstd \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/debconf/*-old /var/lib/dpkg/*-old \
        /var/cache/ldconfig/aux-cache /var/log/alternatives.log /var/log/apt /var/log/dpkg.log

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
COPY --from=build /opt/flakeferry /opt/flakeferry

ARG COMMIT=unknown
ARG VERSION=0.1.0-SNAPSHOT
LABEL org.opencontainers.image.title="Flakeferry" \
      org.opencontainers.image.description="Cross-builds NixOS systems in CI and ferries them to boards" \
      org.opencontainers.image.source="https://github.com/flakeferry/flakeferry" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.documentation="https://github.com/flakeferry/flakeferry#readme" \
      org.opencontainers.image.vendor="Flakeferry" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT"

# no shell between: Java itself must get the signals when a job is cancelled
ENTRYPOINT ["/opt/flakeferry/java/bin/java", "-XX:AOTCache=/opt/flakeferry/flakeferry.aot", "@/opt/flakeferry/jvm.options", "-jar", "/opt/flakeferry/flakeferry.jar"]
CMD ["run"]
