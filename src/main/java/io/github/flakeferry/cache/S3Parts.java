package io.github.flakeferry.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Uploads a large file to a bucket in parts (Amazon S3 User Guide, "Uploading an object using
 * multipart upload"): the object appears when they are put together, and not before.
 *
 * @param sender makes each request
 * @param name of the object to be
 * @param size of the file, bytes
 */
record S3Parts(S3Client client, String bucket, Sender sender, String name, Path file, long size) {
  private static final long MOST = 10_000;

  /** Makes requests, and tries again what may pass. */
  interface Sender {
    /**
     * Makes one.
     *
     * @throws PublishFailed the failure of the last attempt, or one that does not pass
     */
    <T> T send(String method, String name, Supplier<T> request);
  }

  /**
   * Does so, one part after the other.
   *
   * @param partSize bytes of each but the last; more where there would be too many
   * @throws PublishFailed if a part is not taken; what was sent is thrown away
   */
  void upload(long partSize) {
    long step = Math.max(partSize, Math.ceilDiv(size, MOST));
    String upload = begin();
    boolean complete = false;
    try {
      var parts = new ArrayList<CompletedPart>();
      for (long at = 0; at < size; at += step) {
        parts.add(part(upload, parts.size() + 1, at, Math.min(step, size - at)));
      }
      complete(upload, parts);
      complete = true;
    } finally {
      if (!complete) {
        abandon(upload);
      }
    }
  }

  private String begin() {
    return sender
        .send(
            "POST",
            name,
            () ->
                client.createMultipartUpload(
                    create ->
                        create
                            .bucket(bucket)
                            .key(name)
                            .contentType(HttpBinaryCache.type(name).toString())))
        .uploadId();
  }

  private CompletedPart part(String upload, int number, long at, long length) {
    var answer =
        sender.send(
            "PUT",
            name,
            () ->
                client.uploadPart(
                    part ->
                        part.bucket(bucket)
                            .key(name)
                            .uploadId(upload)
                            .partNumber(number)
                            .contentLength(length),
                    RequestBody.fromContentProvider(
                        () -> slice(at, length), length, HttpBinaryCache.type(name).toString())));
    return CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build();
  }

  private InputStream slice(long at, long length) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      return new Bounded(Channels.newInputStream(channel.position(at)), length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void complete(String upload, List<CompletedPart> parts) {
    sender.send(
        "POST",
        name,
        () -> {
          try {
            client.completeMultipartUpload(
                done ->
                    done.bucket(bucket)
                        .key(name)
                        .uploadId(upload)
                        .multipartUpload(all -> all.parts(parts)));
          } catch (S3Exception e) {
            // it was put together by an earlier attempt, whose answer was lost
            if (!S3Problems.code(e).equals("NoSuchUpload") || !isThere()) {
              throw e;
            }
          }
          return name;
        });
  }

  private boolean isThere() {
    try {
      var there = client.headObject(head -> head.bucket(bucket).key(name));
      return Long.valueOf(size).equals(there.contentLength());
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  // what was sent is paid for until it is thrown away
  private void abandon(String upload) {
    boolean interrupted = Thread.interrupted();
    try {
      client.abortMultipartUpload(abort -> abort.bucket(bucket).key(name).uploadId(upload));
    } catch (SdkException e) {
      // a bucket's rule for unfinished uploads removes it
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
