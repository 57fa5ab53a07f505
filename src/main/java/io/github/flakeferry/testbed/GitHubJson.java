package io.github.flakeferry.testbed;

import io.github.flakeferry.testbed.GitHubStandIn.Status;
import io.github.flakeferry.testbed.GitHubState.Account;
import io.github.flakeferry.testbed.GitHubState.Kept;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The stand-in's answers, with all the fields that GitHub's description says are always there. */
final class GitHubJson {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> USER_LINKS =
      List.of(
          "followers",
          "following",
          "gists",
          "starred",
          "subscriptions",
          "organizations",
          "repos",
          "events",
          "received_events");
  private static final List<String> REPOSITORY_LINKS =
      List.of(
          "archive",
          "assignees",
          "blobs",
          "branches",
          "collaborators",
          "comments",
          "commits",
          "compare",
          "contents",
          "contributors",
          "deployments",
          "downloads",
          "events",
          "forks",
          "git_commits",
          "git_refs",
          "git_tags",
          "hooks",
          "issue_comment",
          "issue_events",
          "issues",
          "keys",
          "labels",
          "languages",
          "merges",
          "milestones",
          "notifications",
          "pulls",
          "releases",
          "stargazers",
          "statuses",
          "subscribers",
          "subscription",
          "tags",
          "teams",
          "trees");

  private final GitHubState state;

  GitHubJson(GitHubState state) {
    this.state = state;
  }

  ObjectNode user(Account account) {
    long id = Math.abs((long) account.login().hashCode());
    String path = account.login().replace("[", "%5B").replace("]", "%5D");
    ObjectNode user =
        JSON.createObjectNode()
            .put("login", account.login())
            .put("id", id)
            .put("node_id", "U_" + id)
            .put("avatar_url", state.web() + "/avatars/" + id)
            .put("gravatar_id", "")
            .put("url", state.api() + "/users/" + path)
            .put("html_url", state.web() + "/" + path)
            .put("type", account.type())
            .put("site_admin", false);
    USER_LINKS.forEach(l -> user.put(l + "_url", state.api() + "/users/" + path + "/" + l));
    return user;
  }

  /** The account that asks, of whom more is told. */
  ObjectNode self(Account account) {
    ObjectNode user = user(account);
    for (String name : List.of("bio", "blog", "company", "email", "hireable", "location", "name")) {
      user.putNull(name);
    }
    for (String name : List.of("followers", "following", "public_gists", "public_repos")) {
      user.put(name, 0);
    }
    return user.put("blog", "")
        .put("created_at", "2011-01-25T18:44:36Z")
        .put("updated_at", "2011-01-25T18:44:36Z");
  }

  ObjectNode status(String repository, Status status) {
    return simpleStatus(repository, status).set("creator", user(state.account()));
  }

  ObjectNode simpleStatus(String repository, Status status) {
    long id = Math.abs((long) status.hashCode());
    ObjectNode node =
        JSON.createObjectNode()
            .put("url", state.api() + "/repos/" + repository + "/statuses/" + status.commit())
            .put("avatar_url", state.web() + "/avatars/1")
            .put("id", id)
            .put("node_id", "S_" + id)
            .put("state", status.state())
            .put("description", status.description())
            .put("context", status.context());
    status
        .targetUrl()
        .ifPresentOrElse(url -> node.put("target_url", url), () -> node.putNull("target_url"));
    String time = status.at().truncatedTo(ChronoUnit.SECONDS).toString();
    return node.put("created_at", time).put("updated_at", time);
  }

  ObjectNode repository(String fullName) {
    String[] names = fullName.split("/", 2);
    String api = state.api() + "/repos/" + fullName;
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", 1)
            .put("node_id", "R_1")
            .put("name", names[1])
            .put("full_name", fullName)
            .put("private", !state.isOpen())
            .put("html_url", state.web() + "/" + fullName)
            .put("fork", false)
            .put("url", api)
            .putNull("description");
    node.set("owner", user(new Account(names[0], "User")));
    REPOSITORY_LINKS.forEach(l -> node.put(l + "_url", api + "/" + l));
    return node;
  }

  ObjectNode comment(String repository, Kept kept) {
    var comment = kept.comment();
    String issues = state.api() + "/repos/" + repository + "/issues";
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode node =
        JSON.createObjectNode()
            .put("id", comment.id())
            .put("node_id", "IC_" + comment.id())
            .put("url", issues + "/comments/" + comment.id())
            .put("html_url", state.web() + "/" + repository + "/pull/" + comment.number())
            .put("issue_url", issues + "/" + comment.number())
            .put("author_association", "NONE")
            .put("created_at", now)
            .put("updated_at", now)
            .put("body", comment.body());
    node.set("user", user(kept.author()));
    return node;
  }
}
