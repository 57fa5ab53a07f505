package io.github.flakeferry.support.http;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Tells what stays in the way of a TLS connection from what passes. */
public final class Tls {
  // what Java says of a server that speaks no TLS at this port
  private static final String NO_TLS = "Unsupported or unrecognized SSL message";

  private Tls() {}

  /**
   * Whether another try is no use: the server's certificate is not trusted, or it speaks no TLS. A
   * handshake that is cut short or ended by an alert is none of these: a proxy that is reloaded
   * does that.
   */
  public static boolean isLasting(IOException fault) {
    return fault instanceof SSLException tls
        && (NO_TLS.equals(tls.getMessage())
            || Stream.<Throwable>iterate(tls, Objects::nonNull, Throwable::getCause)
                .anyMatch(Tls::isOfCertificates));
  }

  private static boolean isOfCertificates(Throwable cause) {
    return cause instanceof SSLPeerUnverifiedException
        || cause instanceof CertificateException
        || cause instanceof CertPathValidatorException
        || cause instanceof CertPathBuilderException;
  }
}
