// Prints what GitHub's own parser has against the files that it is given, a line each.
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { basename } from "node:path";

// the package leaves its JSON to bundlers: Node by itself would not import it
register(
  "data:text/javascript," +
    encodeURIComponent(`
      import { readFileSync } from "node:fs";
      export const load = async (url, context, next) => url.endsWith(".json")
        ? { format: "module", shortCircuit: true, source: "export default " + readFileSync(new URL(url), "utf8") }
        : next(url, context);`),
);
const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await import("@actions/workflow-parser");
const { parseAction } = await import("@actions/workflow-parser/actions/action-parser");

for (const path of process.argv.slice(2)) {
  const file = { name: path, content: readFileSync(path, "utf8") };
  const isAction = basename(path) === "action.yml" && !path.includes(".github/workflows/");
  const { context, value } = (isAction ? parseAction : parseWorkflow)(file, new NoOperationTraceWriter());
  if (value && !isAction) {
    const TRY_CONVERSION = 1;
    await convertWorkflowTemplate(context, value, undefined, { errorPolicy: TRY_CONVERSION });
  }
  for (const error of context.errors.getErrors()) {
    console.log(error.message);
  }
}
