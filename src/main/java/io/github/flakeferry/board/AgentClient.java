package io.github.flakeferry.board;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Buffer.BufferException;

/** Talks to an SSH agent (draft-ietf-sshm-ssh-agent): asks for its keys and for signatures. */
final class AgentClient {
  private static final byte REQUEST_IDENTITIES = 11;
  private static final byte IDENTITIES_ANSWER = 12;
  private static final byte SIGN_REQUEST = 13;
  private static final byte SIGN_RESPONSE = 14;

  /** The default for an RSA key would be SHA-1; other keys ignore it. */
  private static final int RSA_SHA2_512 = 4;

  /** As OpenSSH's own bound (MAX_AGENT_REPLY_LEN). */
  private static final int LONGEST_ANSWER = 256 << 10;

  /** Somebody may have to touch a token or to type a word. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path socket;

  AgentClient(Path socket) {
    this.socket = socket;
  }

  /** A public key as SSH writes it (RFC 4253, section 6.6; PROTOCOL.certkeys). */
  record Identity(String type, String base64) {
    byte[] blob() {
      return Base64.getDecoder().decode(base64);
    }
  }

  Path socket() {
    return socket;
  }

  /** In the agent's order. */
  List<Identity> identities() throws IOException {
    var answer = ask(REQUEST_IDENTITIES, new byte[0], IDENTITIES_ANSWER);
    try {
      long count = answer.readUInt32();
      var identities = new ArrayList<Identity>();
      for (long i = 0; i < count; i++) {
        byte[] blob = answer.readBytes();
        answer.readBytes(); // the comment
        String type = new Buffer.PlainBuffer(blob).readString();
        identities.add(new Identity(type, Base64.getEncoder().encodeToString(blob)));
      }
      return List.copyOf(identities);
    } catch (BufferException e) {
      throw new IOException("it answers what is no list of keys", e);
    }
  }

  /** A signature with its format's name, as SSH sends it. */
  byte[] sign(Identity identity, byte[] data) throws IOException {
    byte[] request =
        new Buffer.PlainBuffer()
            .putBytes(identity.blob())
            .putBytes(data)
            .putUInt32(RSA_SHA2_512)
            .getCompactData();
    try {
      return ask(SIGN_REQUEST, request, SIGN_RESPONSE).readBytes();
    } catch (BufferException e) {
      throw new IOException("it answers what is no signature", e);
    }
  }

  private Buffer.PlainBuffer ask(byte kind, byte[] request, byte expected) throws IOException {
    var watchdog = new Watchdog();
    try (watchdog;
        var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        var _ = watchdog.after(PATIENCE, () -> close(channel))) {
      var message = new ByteArrayOutputStream();
      var out = new DataOutputStream(message);
      out.writeInt(request.length + 1);
      out.writeByte(kind);
      out.write(request);
      for (var rest = ByteBuffer.wrap(message.toByteArray()); rest.hasRemaining(); ) {
        channel.write(rest);
      }
      var in = new DataInputStream(Channels.newInputStream(channel));
      int length = in.readInt();
      if (length < 1 || length > LONGEST_ANSWER) {
        throw new IOException("it announces an answer of " + length + " bytes");
      }
      if (in.readByte() != expected) {
        throw new IOException("it refuses");
      }
      return new Buffer.PlainBuffer(in.readNBytes(length - 1));
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
