package io.github.flakeferry.support.process;

/** How a child process ended. */
public sealed interface Exit {
  record Code(int code) implements Exit {
    @Override
    public String toString() {
      return "exited with " + code;
    }
  }

  record Signal(int number) implements Exit {
    @Override
    public String toString() {
      return "was killed by signal " + number;
    }
  }

  record TimedOut(java.time.Duration after) implements Exit {
    @Override
    public String toString() {
      return "did not end within " + after.toSeconds() + " s and was killed";
    }
  }

  record Silent(java.time.Duration lasted) implements Exit {
    @Override
    public String toString() {
      return "said nothing for " + lasted.toSeconds() + " s and was killed";
    }
  }

  default boolean succeeded() {
    return this instanceof Code(int code) && code == 0;
  }
}
