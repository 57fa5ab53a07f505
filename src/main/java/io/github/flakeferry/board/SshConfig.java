package io.github.flakeferry.board;

import com.hierynomus.sshj.transport.cipher.BlockCiphers;
import com.hierynomus.sshj.transport.cipher.GcmCiphers;
import com.hierynomus.sshj.transport.mac.Macs;
import java.security.Security;
import java.util.List;
import net.schmizz.keepalive.KeepAliveProvider;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.common.SecurityUtils;

/**
 * How we speak SSH: by the ciphers that Java itself has. They use the processor's instructions and
 * are loaded already; BouncyCastle's, which sshj would take, make a first login take twice as long
 * and send half as fast. Of the authentication codes only what OpenSSH still offers.
 */
final class SshConfig {
  static {
    SecurityUtils.setRegisterBouncyCastle(false);
    Security.addProvider(new EcdsaKeys());
  }

  private SshConfig() {}

  /** A new one, for one connection. */
  static Config create() {
    var config = new DefaultConfig();
    config.setKeepAliveProvider(KeepAliveProvider.KEEP_ALIVE);
    config.setCipherFactories(
        List.of(
            GcmCiphers.AES128GCM(),
            GcmCiphers.AES256GCM(),
            BlockCiphers.AES128CTR(),
            BlockCiphers.AES192CTR(),
            BlockCiphers.AES256CTR()));
    config.setMACFactories(
        List.of(
            Macs.HMACSHA2256Etm(), Macs.HMACSHA2512Etm(), Macs.HMACSHA2256(), Macs.HMACSHA2512()));
    return config;
  }
}
