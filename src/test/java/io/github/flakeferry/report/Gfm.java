package io.github.flakeferry.report;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.ext.autolink.AutolinkType;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.Code;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.node.ThematicBreak;
import org.commonmark.parser.Parser;

/** What a page comes to, as a Markdown parser other than ours sees it: GitHub's dialect. */
final class Gfm {
  private static final List<Extension> EXTENSIONS =
      List.of(
          TablesExtension.create(),
          AutolinkExtension.builder().linkTypes(EnumSet.allOf(AutolinkType.class)).build());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

  /** The blocks at the top, in order: {@code heading}, {@code table}, {@code html} and so on. */
  final List<String> blocks = new ArrayList<>();

  final List<String> headings = new ArrayList<>();
  final List<String> cells = new ArrayList<>();
  final List<String> links = new ArrayList<>();
  final List<String> images = new ArrayList<>();

  /** HTML as it is written, block by block and tag by tag. */
  final List<String> html = new ArrayList<>();

  final List<String> fenced = new ArrayList<>();
  final List<String> items = new ArrayList<>();

  /** What else there is in blocks, which no page of ours has. */
  final List<String> strange = new ArrayList<>();

  /** What is neither code nor HTML: there GitHub looks for mentions and references. */
  final List<String> words = new ArrayList<>();

  private Gfm() {}

  static Gfm read(String markdown) {
    Node document = PARSER.parse(markdown);
    var gfm = new Gfm();
    for (Node n = document.getFirstChild(); n != null; n = n.getNext()) {
      gfm.blocks.add(n.getClass().getSimpleName());
    }
    document.accept(gfm.new Reader());
    return gfm;
  }

  /** All text below a node; code as a word that is none. */
  private static String words(Node node) {
    var text = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text t) {
            text.append(t.getLiteral());
          }

          @Override
          public void visit(Code code) {
            text.append('\u25a1');
          }

          @Override
          public void visit(SoftLineBreak lineBreak) {
            text.append('\n');
          }

          @Override
          public void visit(HardLineBreak lineBreak) {
            text.append('\n');
          }
        });
    return text.toString();
  }

  private final class Reader extends AbstractVisitor {
    @Override
    public void visit(Heading heading) {
      headings.add(words(heading));
      words.add(words(heading));
      visitChildren(heading);
    }

    @Override
    public void visit(Paragraph paragraph) {
      words.add(words(paragraph));
      visitChildren(paragraph);
    }

    @Override
    public void visit(ListItem item) {
      items.add(words(item));
      visitChildren(item);
    }

    @Override
    public void visit(CustomBlock block) {
      if (!(block instanceof TableBlock)) {
        strange.add(block.toString());
      }
      visitChildren(block);
    }

    @Override
    public void visit(CustomNode node) {
      if (node instanceof TableCell) {
        cells.add(words(node));
        words.add(words(node));
      }
      visitChildren(node);
    }

    @Override
    public void visit(Link link) {
      links.add(link.getDestination());
    }

    @Override
    public void visit(Image image) {
      images.add(image.getDestination());
    }

    @Override
    public void visit(HtmlBlock block) {
      html.add(block.getLiteral());
    }

    @Override
    public void visit(HtmlInline tag) {
      html.add(tag.getLiteral());
    }

    @Override
    public void visit(FencedCodeBlock block) {
      fenced.add(block.getLiteral());
    }

    @Override
    public void visit(IndentedCodeBlock block) {
      strange.add(block.toString());
    }

    @Override
    public void visit(BlockQuote quote) {
      strange.add(quote.toString());
    }

    @Override
    public void visit(ThematicBreak rule) {
      strange.add(rule.toString());
    }

    @Override
    public void visit(LinkReferenceDefinition definition) {
      strange.add(definition.toString());
    }
  }
}
