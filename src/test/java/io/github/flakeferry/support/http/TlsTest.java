package io.github.flakeferry.support.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;

final class TlsTest {
  private static IOException handshake(String message, Throwable cause) {
    var fault = new SSLHandshakeException(message);
    fault.initCause(cause);
    return fault;
  }

  @Test
  void aCertificateThatIsNotTrustedStaysSo() {
    for (IOException fault :
        List.of(
            handshake("PKIX path building failed", new CertPathBuilderException("none")),
            handshake("No name matching host found", new CertificateException("none")),
            new SSLPeerUnverifiedException("Hostname host not verified"),
            new SSLException("Unsupported or unrecognized SSL message"))) {
      assertThat(Tls.isLasting(fault)).as(fault.toString()).isTrue();
    }
  }

  @Test
  void aHandshakeThatIsBrokenOffMayPass() {
    for (IOException fault :
        List.of(
            handshake("Remote host terminated the handshake", new EOFException()),
            new SSLHandshakeException("Received fatal alert: internal_error"),
            new SSLException("Connection reset"),
            new IOException("unexpected end of stream"))) {
      assertThat(Tls.isLasting(fault)).as(fault.toString()).isFalse();
    }
  }
}
