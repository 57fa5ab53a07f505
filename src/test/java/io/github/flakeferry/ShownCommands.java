package io.github.flakeferry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.parser.Parser;

/**
 * The commands that a page shows. Blocks are indented or fenced as {@code sh}: their first lines
 * are commands, what stands below an empty line is what the last of them prints, until something is
 * a command again. In running text a command is what stands between backticks and begins with a
 * program that people start. The first cell of a table's row is a synopsis, and none.
 *
 * @param blocks those of blocks, in the order of the page
 * @param inText those of the text and of cells, each on one line
 * @param strange what stands in blocks and is neither a command, nor printed by one, nor a file
 */
public record ShownCommands(List<Typed> blocks, List<String> inText, List<String> strange) {
  /**
   * A command of a block.
   *
   * @param text as it is typed, with all lines that it goes on for
   * @param printed the lines that are shown below it, none where nothing is
   */
  public record Typed(String text, List<String> printed) {}

  private static final Set<String> FILES =
      Set.of("yaml", "nix", "json", "mermaid", "nginx", "netrc");
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:[A-Z_]+=\\S* +)*"
              + "(?:(?:sudo +)?(?:\\./)?flakeferry|mvn|nix|nix-[a-z-]+|git|gh|ssh|ssh-[a-z]+|docker|podman"
              + "|systemctl|journalctl|export|source|ln|cd|mkdir|cp|cat|man|curl|apt-get)"
              + "(?: [^ ].*)?");
  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  /** Those of one page. */
  public static ShownCommands of(Path page) {
    return in(Docs.text(page));
  }

  /** Those of a page with this text. */
  static ShownCommands in(String markdown) {
    var found = new ShownCommands(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    PARSER.parse(markdown).accept(found.new Reader());
    return found;
  }

  /** Those of all pages' texts. */
  public static Stream<String> inAllTexts() throws IOException {
    return Docs.pages().stream().flatMap(page -> of(page).inText().stream());
  }

  /** Whether a line begins with a program that people start. */
  static boolean isCommand(String line) {
    return COMMAND.matcher(line).matches();
  }

  private final class Reader extends AbstractVisitor {
    @Override
    public void visit(IndentedCodeBlock block) {
      read(block.getLiteral());
    }

    @Override
    public void visit(FencedCodeBlock block) {
      if (Set.of("", "sh").contains(block.getInfo())) {
        read(block.getLiteral());
      } else if (!FILES.contains(block.getInfo())) {
        strange.add("a block of " + block.getInfo());
      }
    }

    @Override
    public void visit(Code code) {
      String line = code.getLiteral().replaceAll("\\s+", " ");
      // a word alone is what something is called
      if (line.contains(" ") && isCommand(line)) {
        inText.add(line);
      }
    }

    @Override
    public void visit(CustomNode node) {
      boolean synopsis = node instanceof TableCell && node.getPrevious() == null;
      if (!synopsis) {
        visitChildren(node);
      }
    }
  }

  private void read(String block) {
    for (String paragraph : block.strip().split("\n\\s*\n")) {
      if (isCommand(paragraph.lines().findFirst().orElse(""))) {
        commands(paragraph);
      } else if (blocks.isEmpty()) {
        strange.add(paragraph);
      } else {
        printed(paragraph);
      }
    }
  }

  private void commands(String paragraph) {
    var command = new StringBuilder();
    for (String line : paragraph.split("\n")) {
      if (command.isEmpty() && !isCommand(line)) {
        strange.add(line);
        continue;
      }
      command.append(line);
      if (line.endsWith("\\")) {
        command.append('\n');
      } else {
        blocks.add(new Typed(command.toString(), new ArrayList<>()));
        command.setLength(0);
      }
    }
  }

  private void printed(String paragraph) {
    List<String> lines = blocks.getLast().printed();
    if (!lines.isEmpty()) {
      lines.add("");
    }
    paragraph.lines().forEach(lines::add);
  }
}
