// npm run schemas: write docs/schemas from the forms of what commands print.
import { writeFileSync } from "node:fs";
import { z } from "zod";
import { forms } from "./json-forms.js";

for (const [name, form] of Object.entries<z.ZodType>(forms))
  writeFileSync(`docs/schemas/${name}.schema.json`, `${JSON.stringify(z.toJSONSchema(form), null, 2)}\n`);
