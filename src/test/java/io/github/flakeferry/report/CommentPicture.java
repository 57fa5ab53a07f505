package io.github.flakeferry.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Makes the page that the README's picture shows, of a golden comment, its first fold opened:
 *
 * <pre>
 * java … CommentPicture src/test/resources/io/github/flakeferry/report/preview.comment.md page.html
 * chromium --headless --no-sandbox --window-size=940,720 --screenshot=src/doc/comment.png page.html
 * </pre>
 */
final class CommentPicture {
  private static final String PAGE =
      """
      <!doctype html>
      <meta charset="utf-8">
      <style>
        body { margin: 16px; padding: 4px 20px; border: 1px solid #d1d9e0; border-radius: 6px;
          font: 14px/1.5 "DejaVu Sans", sans-serif; color: #1f2328; }
        code { font: 12px "DejaVu Sans Mono", monospace; background: #eff1f3; padding: 2px 4px;
          border-radius: 4px; }
        pre { background: #f6f8fa; padding: 12px; border-radius: 6px; overflow: hidden; }
        pre code { background: none; padding: 0; }
        table { border-collapse: collapse; }
        th, td { white-space: nowrap; border: 1px solid #d1d9e0; padding: 5px 10px; }
        a { color: #0969da; text-decoration: none; }
        h3 { margin: 12px 0; }
      </style>
      """;

  private CommentPicture() {}

  /**
   * Writes the page.
   *
   * @param args the comment, and where the page goes
   */
  public static void main(String... args) throws IOException {
    List<Extension> extensions = List.of(TablesExtension.create());
    String html =
        HtmlRenderer.builder()
            .extensions(extensions)
            .build()
            .render(
                Parser.builder()
                    .extensions(extensions)
                    .build()
                    .parse(Files.readString(Path.of(args[0]))));
    Files.writeString(Path.of(args[1]), PAGE + html.replaceFirst("<details>", "<details open>"));
  }
}
