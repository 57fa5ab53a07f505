package io.github.flakeferry.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a bucket is, as Nix writes it: {@code s3://BUCKET?region=…&endpoint=…&scheme=…&profile=…}
 * (Nix manual, "S3 Binary Cache Store").
 *
 * @param bucket its name
 * @param region in which it is
 * @param endpoint the server of another provider than AWS
 * @param profile of the user's AWS settings; absent: what the environment says
 */
public record S3Location(
    String bucket, String region, Optional<URI> endpoint, Optional<String> profile) {
  private static final List<String> PARAMETERS = List.of("region", "endpoint", "scheme", "profile");

  // AWS, "Bucket naming rules", and what older and other providers' buckets may have besides
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,62}");
  private static final String REGION = "us-east-1";

  /**
   * Reads a URL whose scheme is {@code s3}.
   *
   * @throws IllegalArgumentException if it is none; the message goes on after "the URL" and does
   *     not show it
   */
  public static S3Location parse(URI url) {
    String bucket = Optional.ofNullable(url.getRawAuthority()).orElse("");
    if (!BUCKET.matcher(bucket).matches()) {
      throw new IllegalArgumentException("has no bucket's name behind s3://");
    }
    if (!(url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
        || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "has a path: a cache has the whole bucket, or else Nix does not find it");
    }
    Map<String, String> parameters = parameters(url);
    return new S3Location(
        bucket,
        parameters.getOrDefault("region", REGION),
        Optional.ofNullable(parameters.get("endpoint"))
            .map(host -> endpoint(host, parameters.getOrDefault("scheme", "https"))),
        Optional.ofNullable(parameters.get("profile")));
  }

  private static Map<String, String> parameters(URI url) {
    var parameters = new HashMap<String, String>();
    if (url.getRawQuery() != null) {
      for (String part : url.getRawQuery().split("&")) {
        String[] halves = part.split("=", 2);
        String value =
            halves.length == 2 ? URLDecoder.decode(halves[1], StandardCharsets.UTF_8) : "";
        if (!PARAMETERS.contains(halves[0]) || value.isBlank()) {
          throw new IllegalArgumentException(
              "has other parameters than NAME=VALUE of " + String.join(", ", PARAMETERS));
        }
        parameters.put(halves[0], value);
      }
    }
    return parameters;
  }

  private static URI endpoint(String text, String scheme) {
    URI endpoint;
    try {
      endpoint = new URI(text.contains("://") ? text : scheme + "://" + text);
    } catch (URISyntaxException e) {
      throw noEndpoint();
    }
    boolean web = "https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme());
    if (!web || endpoint.getHost() == null || endpoint.getRawUserInfo() != null) {
      throw noEndpoint();
    }
    return endpoint;
  }

  private static IllegalArgumentException noEndpoint() {
    return new IllegalArgumentException("has an endpoint that is not HOST or HOST:PORT");
  }
}
