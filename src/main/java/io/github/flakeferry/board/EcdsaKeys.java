package io.github.flakeferry.board;

import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyFactorySpi;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.List;
import java.util.Map;

/** Java's own keys on elliptic curves by the name under which sshj asks for them. */
final class EcdsaKeys extends Provider {
  private static final String NAME = "ECDSA";

  EcdsaKeys() {
    super("FlakeferryEcdsa", "1", "KeyFactory ECDSA is KeyFactory EC");
    putService(
        new Service(this, "KeyFactory", NAME, Factory.class.getName(), List.of(), Map.of()) {
          @Override
          public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
            return new Factory(KeyFactory.getInstance("EC"));
          }
        });
  }

  private static final class Factory extends KeyFactorySpi {
    private final KeyFactory ec;

    Factory(KeyFactory ec) {
      this.ec = ec;
    }

    @Override
    protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
      return ec.generatePublic(spec);
    }

    @Override
    protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
      return ec.generatePrivate(spec);
    }

    @Override
    protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> kind)
        throws InvalidKeySpecException {
      return ec.getKeySpec(key, kind);
    }

    @Override
    protected Key engineTranslateKey(Key key) throws InvalidKeyException {
      return ec.translateKey(key);
    }
  }
}
