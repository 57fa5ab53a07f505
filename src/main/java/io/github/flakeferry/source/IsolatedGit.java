package io.github.flakeferry.source;

import java.nio.file.Path;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Keeps JGit away from the user's and the machine's git configuration: a credential helper, an
 * {@code insteadOf} or a proxy there must not change what is fetched, and nothing is written to
 * HOME.
 */
final class IsolatedGit extends SystemReader {
  private final SystemReader machine;

  private IsolatedGit(SystemReader machine) {
    this.machine = machine;
  }

  /** From now on, for the whole process. */
  static synchronized void install() {
    if (!(SystemReader.getInstance() instanceof IsolatedGit)) {
      SystemReader.setInstance(new IsolatedGit(SystemReader.getInstance()));
    }
  }

  @Override
  public String getHostname() {
    return machine.getHostname();
  }

  @Override
  public @Nullable String getenv(String variable) {
    return variable.startsWith("GIT_") || variable.equals("XDG_CONFIG_HOME")
        ? null
        : machine.getenv(variable);
  }

  @Override
  public @Nullable String getProperty(String key) {
    return machine.getProperty(key);
  }

  @Override
  public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
    return new Nothing(parent, fs);
  }

  @Override
  @SuppressWarnings("deprecation") // abstract still
  public long getCurrentTime() {
    return machine.getCurrentTime();
  }

  @Override
  @SuppressWarnings("deprecation") // abstract still
  public int getTimezone(long when) {
    return machine.getTimezone(when);
  }

  @Override
  public Path getXdgConfigDirectory(FS fileSystem) {
    return nowhere();
  }

  private static Path nowhere() {
    return Path.of(System.getProperty("java.io.tmpdir"), "flakeferry-no-git-configuration");
  }

  private static final class Nothing extends FileBasedConfig {
    Nothing(@Nullable Config parent, FS fs) {
      super(parent, nowhere().toFile(), fs);
    }

    @Override
    public void load() {
      // there is nothing to load
    }

    @Override
    public void save() {
      // measurements of the file system's clock, which JGit would keep
    }

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
