package io.github.flakeferry.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.flakeferry.model.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpCacheTest {
  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private HttpCache cache;

  @BeforeEach
  void start() throws IOException {
    cache = HttpCache.start(folder.resolve("cache"));
  }

  @AfterEach
  void stop() {
    cache.close();
    client.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(cache.uri() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private int put(String path, String text) throws IOException, InterruptedException {
    return send(to(path).PUT(BodyPublishers.ofString(text))).statusCode();
  }

  @Test
  void givesBackWhatWasPut() throws Exception {
    assertThat(put("/nar/a.nar.zst", "content")).isEqualTo(201);
    assertThat(put("/nar/a.nar.zst", "other")).isEqualTo(204);
    assertThat(send(to("/nar/a.nar.zst")).body()).isEqualTo("other");
    HttpResponse<String> head = send(to("/nar/a.nar.zst").HEAD());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(5);
    assertThat(send(to("/missing.narinfo")).statusCode()).isEqualTo(404);
    assertThat(cache.requests())
        .extracting(HttpCache.Request::status)
        .containsExactly(201, 204, 200, 200, 404);
  }

  @Test
  void keepsAnEmptyFile() throws Exception {
    assertThat(put("/empty", "")).isEqualTo(201);
    HttpResponse<String> empty = send(to("/empty"));
    assertThat(empty.statusCode()).isEqualTo(200);
    assertThat(empty.body()).isEmpty();
  }

  @Test
  void leavesNoUnfinishedFiles() throws Exception {
    put("/a", "text");
    try (Stream<Path> files = Files.list(cache.folder())) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("a");
    }
  }

  @Test
  void staysInItsFolder() throws Exception {
    Files.writeString(folder.resolve("outside"), "secret");
    assertThat(send(to("/%2e%2e/outside")).statusCode()).isEqualTo(400);
    assertThat(put("/a/..%2f../outside", "overwritten")).isEqualTo(400);
    assertThat(folder.resolve("outside")).hasContent("secret");
  }

  @Test
  void wantsTheLoginItWasTold() throws Exception {
    cache.requireLogin("ferry", new Secret("word"));
    assertThat(put("/a", "text")).isEqualTo(401);
    var request = to("/a").PUT(BodyPublishers.ofString("text"));
    assertThat(send(request.header("Authorization", "Basic ZmVycnk6d29yZA==")).statusCode())
        .isEqualTo(201);
    cache.requireToken(new Secret("token"));
    assertThat(send(to("/a").header("Authorization", "Bearer wrong")).statusCode()).isEqualTo(401);
    assertThat(send(to("/a").header("Authorization", "Bearer token")).body()).isEqualTo("text");
  }

  @Test
  void refusesWhenItIsTold() throws Exception {
    put("/a", "text");
    cache.refuseWrites(507);
    assertThat(put("/b", "text")).isEqualTo(507);
    assertThat(send(to("/a")).statusCode()).isEqualTo(200);
    cache.refuse(503);
    assertThat(send(to("/a")).statusCode()).isEqualTo(503);
    cache.refuseNothing();
    assertThat(put("/b", "text")).isEqualTo(201);
  }
}
