package io.github.flakeferry.support;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says what hindered reading or writing: Java's own exceptions often have only the path to say. */
public final class FileWords {
  private FileWords() {}

  /** A few words, never empty: "there is no /etc/nix". */
  public static String of(IOException fault) {
    return switch (fault) {
      case NoSuchFileException e -> "there is no " + e.getFile();
      case AccessDeniedException e -> "no permission for " + e.getFile();
      case FileSystemException e when e.getReason() == null ->
          e.getClass().getSimpleName() + ": " + e.getFile();
      case CharacterCodingException _ -> "it is not UTF-8";
      default -> {
        String message = fault.getMessage();
        yield message == null ? fault.getClass().getSimpleName() : message;
      }
    };
  }
}
