package io.github.flakeferry.failures;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.github.flakeferry.model.BoardResult;
import io.github.flakeferry.model.Failure;
import io.github.flakeferry.model.Secret;
import io.github.flakeferry.support.process.Finished;
import io.github.flakeferry.testbed.RehearsedRun;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Has each object of some classes handed to {@link Watch#saw} as soon as it is made ({@code
 * java.lang.instrument}).
 */
public final class Agent {
  private static final List<Class<?>> WATCHED =
      List.of(Failure.class, BoardResult.class, Secret.class, Finished.class, RehearsedRun.class);

  private Agent() {}

  /** Loads it into this Java, which has to allow that: {@code -Djdk.attach.allowAttachSelf}. */
  static void load() {
    try {
      Path jar = Files.createTempFile("flakeferry-agent", ".jar");
      var manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      manifest.getMainAttributes().putValue("Agent-Class", Agent.class.getName());
      manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
      new JarOutputStream(Files.newOutputStream(jar), manifest).close();
      VirtualMachine self = VirtualMachine.attach(Long.toString(ProcessHandle.current().pid()));
      try {
        self.loadAgent(jar.toString());
      } finally {
        self.detach();
        Files.delete(jar);
      }
    } catch (IOException
        | AttachNotSupportedException
        | AgentLoadException
        | AgentInitializationException e) {
      throw new IllegalStateException("failures can't be watched", e);
    }
  }

  /** What Java calls. */
  public static void agentmain(String arguments, Instrumentation instrumentation)
      throws UnmodifiableClassException {
    instrumentation.addTransformer(new Telling(), true);
    instrumentation.retransformClasses(WATCHED.toArray(Class[]::new));
  }

  /** Lets constructors tell of their objects when they are through. */
  private static final class Telling implements ClassFileTransformer {
    private static final ClassDesc WATCH = ClassDesc.of(Watch.class.getName());
    private static final MethodTypeDesc SAW =
        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);
    private static final CodeTransform AT_THE_END =
        (code, element) -> {
          if (element instanceof ReturnInstruction) {
            code.aload(0).invokestatic(WATCH, "saw", SAW);
          }
          code.with(element);
        };

    @Override
    public byte @Nullable [] transform(
        @Nullable ClassLoader loader,
        String name,
        @Nullable Class<?> changed,
        @Nullable ProtectionDomain domain,
        byte[] bytes) {
      if (changed == null || !WATCHED.contains(changed)) {
        return null;
      }
      ClassFile format = ClassFile.of();
      return format.transformClass(
          format.parse(bytes),
          ClassTransform.transformingMethodBodies(
              method -> method.methodName().equalsString(ConstantDescs.INIT_NAME), AT_THE_END));
    }
  }
}
