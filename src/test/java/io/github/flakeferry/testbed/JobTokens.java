package io.github.flakeferry.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.flakeferry.support.process.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A forge as far as it gives jobs tokens that tell others who they are (OpenID Connect Discovery
 * 1.0; GitHub: "About security hardening with OpenID Connect").
 */
public final class JobTokens implements AutoCloseable {
  /** For whom {@code aws-actions/configure-aws-credentials} asks for one. */
  public static final String AUDIENCE = "sts.amazonaws.com";

  private static final String PASSWORD = "forge-forge";
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private final HttpServer server;
  private final PrivateKey key;
  private final X509Certificate certificate;

  private JobTokens(HttpServer server, PrivateKey key, X509Certificate certificate) {
    this.server = server;
    this.key = key;
    this.certificate = certificate;
  }

  /**
   * Starts it on a free port of the loopback address.
   *
   * @param folder for its key
   */
  public static JobTokens start(Path folder) throws IOException, GeneralSecurityException {
    Path file = folder.resolve("forge.p12");
    Command.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString())
        .and("-genkeypair", "-alias", "forge", "-keyalg", "RSA", "-dname", "CN=forge")
        .and("-keystore", file.toString(), "-storepass", PASSWORD)
        .run()
        .orThrow();
    var keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
    if (!(keys.getKey("forge", PASSWORD.toCharArray()) instanceof PrivateKey key)
        || !(keys.getCertificate("forge") instanceof X509Certificate certificate)) {
      throw new IllegalStateException("no key in " + file);
    }
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var tokens = new JobTokens(server, key, certificate);
    server.createContext("/", tokens::handle);
    server.start();
    return tokens;
  }

  /** Its name, and where its keys are found. */
  public String issuer() {
    return "http://" + host();
  }

  /** {@code HOST:PORT}. */
  public String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** SHA-1 of its certificate, as roles are told. */
  public String thumbprint() throws GeneralSecurityException {
    byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(certificate.getEncoded());
    return HexFormat.of().withUpperCase().formatHex(sha1);
  }

  /**
   * What a job gets (RFC 7519, signed by RS256).
   *
   * @param subject such as {@code repo:OWNER/NAME:ref:refs/heads/main}
   */
  public String token(String subject, Instant expires) throws GeneralSecurityException {
    String signed =
        part("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"forge\"}")
            + "."
            + part(
                "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"%s\",\"exp\":%d}"
                    .formatted(issuer(), AUDIENCE, subject, expires.getEpochSecond()));
    var signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + URL.encodeToString(signature.sign());
  }

  private static String part(String json) {
    return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] answer =
          (exchange.getRequestURI().getPath().equals("/.well-known/openid-configuration")
                  ? "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/jwks\"}".formatted(issuer())
                  : "{\"keys\":[{\"kid\":\"forge\",\"kty\":\"RSA\",\"x5c\":[\"%s\"]}]}"
                      .formatted(Base64.getEncoder().encodeToString(certificate.getEncoded())))
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
