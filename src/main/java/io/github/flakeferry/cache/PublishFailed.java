package io.github.flakeferry.cache;

import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.FailureCode;
import io.github.flakeferry.support.FileWords;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** A cache did not take what it should. */
public final class PublishFailed extends Failure {
  /** How much else of a publication fails with it. */
  enum Extent {
    /** One path. */
    PATH,
    /** All that the cache is to get. */
    CACHE,
    /** It may be gone in a while, though not in the time that it was tried for. */
    PASSING
  }

  private final Extent extent;
  private final String cache;
  private final String subject;
  private final OptionalInt status;
  private final List<String> details;

  private PublishFailed(
      FailureCode code,
      Extent extent,
      String cache,
      String subject,
      OptionalInt status,
      String message,
      String advice,
      List<String> details) {
    super(code, message, advice);
    this.extent = extent;
    this.cache = cache;
    this.subject = subject;
    this.status = status;
    this.details = List.copyOf(details);
  }

  static PublishFailed of(
      FailureCode code,
      Extent extent,
      String cache,
      String subject,
      String message,
      String advice) {
    return new PublishFailed(
        code, extent, cache, subject, OptionalInt.empty(), message, advice, List.of());
  }

  static PublishFailed answered(
      FailureCode code,
      Extent extent,
      String cache,
      String subject,
      int status,
      String message,
      String advice) {
    return new PublishFailed(
        code, extent, cache, subject, OptionalInt.of(status), message, advice, List.of());
  }

  /**
   * A program that uploads ended badly.
   *
   * @param details its last lines
   */
  static PublishFailed said(String cache, String message, String advice, List<String> details) {
    return new PublishFailed(
        FailureCode.CACHE_PROGRAM,
        Extent.PASSING,
        cache,
        "",
        OptionalInt.empty(),
        message,
        advice,
        details);
  }

  /**
   * A fault of files on this machine.
   *
   * @param extent of any but that the disk is full, which is everybody's
   * @param action what was tried, as in "can't …"
   */
  static PublishFailed local(
      Extent extent, String cache, String subject, String action, IOException fault) {
    return local(extent, Extent.CACHE, cache, subject, action, fault);
  }

  /**
   * The same for what is there for a while only: room comes back when that is removed.
   *
   * @param extent of any but that the disk is full, which may pass
   */
  static PublishFailed temporary(
      Extent extent, String cache, String subject, String action, IOException fault) {
    return local(extent, Extent.PASSING, cache, subject, action, fault);
  }

  private static PublishFailed local(
      Extent extent,
      Extent whenFull,
      String cache,
      String subject,
      String action,
      IOException fault) {
    boolean full = String.valueOf(fault.getMessage()).contains("No space left on device");
    return of(
        FailureCode.CACHE_FOLDER,
        full ? whenFull : extent,
        cache,
        subject,
        full
            ? "The disk is full: can't %s.".formatted(action)
            : "Can't %s: %s".formatted(action, FileWords.of(fault)),
        full ? "Make room there and run it again; what is published stays." : "");
  }

  /** A cache does not have what it takes, or says that it has. */
  static PublishFailed notGivenBack(Extent extent, String cache, String name, String message) {
    return of(
        FailureCode.CACHE_ADDRESS,
        extent,
        cache,
        name,
        message,
        "Uploads and downloads must be at the same URL, and not go through an old copy.");
  }

  @Override
  public List<String> details() {
    return details;
  }

  Extent extent() {
    return extent;
  }

  /** The cache's URL, without credentials. */
  public String cache() {
    return cache;
  }

  /** The store path, or the file in the cache, that it was about; empty if about all of it. */
  public String subject() {
    return subject;
  }

  /** The status of the HTTP answer, where there was one. */
  public OptionalInt status() {
    return status;
  }
}
