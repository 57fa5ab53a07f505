package io.github.flakeferry.testbed;

import io.github.flakeferry.support.process.Command;
import io.github.flakeferry.support.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Ceph's object gateway on loopback, with all of Ceph that it needs, in memory: a server of S3 and
 * of STS that gives roles to those who have a token of a forge that it trusts (Ceph: "STS in Ceph",
 * "OpenID Connect Provider in RGW"). From Debian's packages, which are unpacked once and not
 * installed.
 */
public final class CephGateway implements AutoCloseable {
  public static final String ACCESS_KEY = "ceph-access";
  public static final String SECRET_KEY = "ceph-secret";

  private static final List<String> PACKAGES = List.of("radosgw", "ceph-mon", "ceph-osd");

  private final Path root;
  private final Path folder;
  private final LoopbackPort port;
  private final List<Process> processes = new ArrayList<>();

  private CephGateway(Path root, Path folder, LoopbackPort port) {
    this.root = root;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts it.
   *
   * @param folder for its files
   * @throws TestbedUnavailable where it can't be unpacked
   */
  public static CephGateway start(Path folder) throws IOException {
    var gateway =
        new CephGateway(
            program(), Files.createDirectory(folder.resolve("ceph")), LoopbackPort.free());
    try {
      gateway.start();
      return gateway;
    } catch (IOException e) {
      gateway.close();
      throw e;
    }
  }

  private static Path program() throws IOException {
    Requirements.ofThisMachine(Progress.SILENT).demand(Set.of(Tool.DPKG_DEB));
    Path home =
        Path.of(
            Optional.ofNullable(System.getenv("FLAKEFERRY_CACHE")).orElse("/var/cache/flakeferry"));
    return new MadeOnce(home).get("ceph-gateway", CephGateway::unpack);
  }

  // with those of the packages that they depend on which this machine lacks
  private static void unpack(Path target) throws IOException {
    Path work = Files.createDirectories(target.resolveSibling("ceph-gateway.download"));
    Files.createDirectories(work.resolve("partial"));
    Command.of("apt-get", "update", "-q").run().orThrow();
    Command.of("apt-get", "install", "-q", "--yes", "--download-only", "--no-install-recommends")
        .and("-o", "Dir::Cache::archives=" + work, "-o", "APT::Sandbox::User=root")
        .and(PACKAGES)
        .run()
        .orThrow();
    try (var files = Files.newDirectoryStream(work, "*.deb")) {
      for (Path file : files) {
        Tool.DPKG_DEB.command("-x", file.toString(), target.toString()).run().orThrow();
      }
    }
    BoardRoot.remove(work);
  }

  private void start() throws IOException {
    LoopbackPort monitor = LoopbackPort.free();
    String cluster = UUID.randomUUID().toString();
    Files.writeString(folder.resolve("ceph.conf"), settings(cluster, monitor));
    for (String data : List.of("mon", "osd", "rgw")) {
      Files.createDirectory(folder.resolve(data));
    }
    key("mon.", "mon", "allow *");
    key("client.admin", "mon", "allow *", "osd", "allow *");
    key("client.rgw", "mon", "allow rw", "osd", "allow rwx");
    key("osd.0", "mon", "allow profile osd", "osd", "allow *");
    Path map = folder.resolve("monmap");
    run("monmaptool", "--create", "--addv", "a", "[v2:%s]".formatted(monitor.address()))
        .and("--fsid", cluster, map.toString())
        .run()
        .orThrow();
    run("ceph-mon", "--mkfs", "-i", "a", "--monmap", map.toString())
        .and("--keyring", folder.resolve("keyring").toString())
        .run()
        .orThrow();
    begin("ceph-mon", "-i", "a", "--keyring", folder.resolve("keyring").toString());
    String disk = UUID.randomUUID().toString();
    run("python3", root.resolve("usr/bin/ceph").toString(), "osd", "new", disk).run().orThrow();
    run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk).run().orThrow();
    begin("ceph-osd", "-i", "0");
    Process gateway = begin("radosgw", "-n", "client.rgw");
    port.await(gateway, folder.resolve("radosgw.out"));
    run("radosgw-admin", "-n", "client.rgw", "user", "create", "--uid", "admin")
        .and("--display-name", "Admin", "--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY)
        .and("--caps", "oidc-provider=*;roles=*")
        .run()
        .orThrow();
  }

  private String settings(String cluster, LoopbackPort monitor) throws IOException {
    return """
    [global]
    fsid = %1$s
    mon host = [v2:%2$s]
    public addr = 127.0.0.1
    cluster addr = 127.0.0.1
    keyring = %4$s/keyring
    mon data = %4$s/mon
    osd data = %4$s/osd
    rgw data = %4$s/rgw
    osd objectstore = memstore
    osd pool default size = 1
    osd pool default min size = 1
    osd pool default pg num = 4
    osd pool default pgp num = 4
    mon allow pool size one = true
    mon cluster log file =
    osd crush chooseleaf type = 0
    log file = %4$s/$name.log
    run dir = %4$s
    pid file =
    admin socket =
    plugin dir = %5$s/ceph
    erasure code dir = %5$s/ceph/erasure-code
    osd class dir = %5$s/rados-classes
    osd class load list = *
    osd class default list = *

    [client.rgw]
    rgw frontends = beast endpoint=%3$s
    rgw sts key = abcdefghijklmnop
    rgw s3 auth use sts = true
    """
        .formatted(cluster, monitor.address(), port.address(), folder, libraries());
  }

  private Path libraries() throws IOException {
    try (Stream<Path> folders = Files.list(root.resolve("usr/lib"))) {
      return folders
          .filter(lib -> lib.getFileName().toString().endsWith("-linux-gnu"))
          .findAny()
          .orElseThrow();
    }
  }

  private void key(String who, String... rights) throws IOException {
    Path keyring = folder.resolve("keyring");
    Command command =
        run("ceph-authtool", keyring.toString(), "--gen-key", "-n", who)
            .and(Files.exists(keyring) ? List.of() : List.of("--create-keyring"));
    for (int i = 0; i < rights.length; i += 2) {
      command = command.and("--cap", rights[i], rights[i + 1]);
    }
    command.run().orThrow();
  }

  private List<String> environment() throws IOException {
    Path libraries = libraries();
    return List.of(
        "PATH=%s/usr/bin:/usr/bin:/bin".formatted(root),
        "LD_LIBRARY_PATH=%1$s:%1$s/ceph:%2$s/lib/%3$s"
            .formatted(libraries, root, libraries.getFileName()),
        "PYTHONPATH=%s/usr/lib/python3/dist-packages".formatted(root),
        "CEPH_CONF=%s/ceph.conf".formatted(folder));
  }

  private Command run(String... words) throws IOException {
    return Command.of("env").and(environment()).and(words);
  }

  private Process begin(String... words) throws IOException {
    var command = new ArrayList<>(List.of("env"));
    command.addAll(environment());
    command.addAll(List.of(words));
    command.add("-f"); // in the foreground
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(words[0] + ".out").toFile())
            .start();
    processes.add(process);
    return process;
  }

  /** {@code HOST:PORT}, of S3 and of STS. */
  public String endpoint() {
    return port.address();
  }

  /**
   * Makes a role that may do anything with buckets.
   *
   * @param subject of the forge's tokens, to whom it is given
   * @return its ARN
   */
  public String role(JobTokens forge, String subject) throws IOException, GeneralSecurityException {
    manage(
        "CreateOpenIDConnectProvider",
        "Url=" + forge.issuer(),
        "ClientIDList.member.1=" + JobTokens.AUDIENCE,
        "ThumbprintList.member.1=" + forge.thumbprint());
    manage(
        "CreateRole",
        "RoleName=publisher",
        """
        AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [{
          "Effect": "Allow",
          "Principal": {"Federated": ["arn:aws:iam:::oidc-provider/%1$s"]},
          "Action": ["sts:AssumeRoleWithWebIdentity"],
          "Condition": {"StringEquals": {"%1$s:sub": "%2$s"}}
        }]}\
        """
            .formatted(forge.host(), subject));
    manage(
        "PutRolePolicy",
        "RoleName=publisher",
        "PolicyName=buckets",
        """
        PolicyDocument={"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": ["s3:*"], "Resource": ["arn:aws:s3:::*"]}
        ]}\
        """);
    return "arn:aws:iam:::role/publisher";
  }

  // of AWS's IAM API; it takes a policy with white space for a malformed one
  private void manage(String action, String... parameters) throws IOException {
    Command.of("curl", "--fail", "--silent", "--show-error", "--aws-sigv4", "aws:amz:us-east-1:iam")
        .and("--user", ACCESS_KEY + ":" + SECRET_KEY)
        .and("--data-urlencode", "Action=" + action)
        .and(
            Stream.of(parameters)
                .map(parameter -> parameter.replaceAll("\\s", ""))
                .flatMap(parameter -> Stream.of("--data-urlencode", parameter))
                .toList())
        .and("http://" + endpoint() + "/")
        .run()
        .orThrow();
  }

  @Override
  public void close() {
    processes.reversed().forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }
}
