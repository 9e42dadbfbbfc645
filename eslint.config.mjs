import js from "@eslint/js";
import tseslint from "typescript-eslint";

const BARRELS = {
  regex: "^@cdktf/provider-[a-z]+(/lib)?(/(lazy-)?index)?$",
  message: "Import the resource's own folder (`@cdktf/provider-aws/lib/vpc`): the barrel costs 8 s and 1 GB.",
};

/** The forbidden arrows of the layout: what a folder may not import. */
const forbid = (message, ...group) => ({ group, message });

/** What stands above plain TypeScript. */
const INFRASTRUCTURE = ["**/constructs*", "**/stacks*", "**/tools*", "cdktf*", "constructs", "@cdktf/*"];

const arrows = (files, ...patterns) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [BARRELS, ...patterns] }] },
});

export default tseslint.config(
  { ignores: ["node_modules/", "cdktf.out/", "cdktf.before/", "coverage/", "**/node_modules/"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    files: ["**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [BARRELS] }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      // A cdktf construct registers itself with its scope: making one is the effect.
      "no-new": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-inferrable-types": "off",
      "@typescript-eslint/no-extraneous-class": "off",
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-indexed-object-style": "off",
      "no-console": "error",
      curly: "error",
      "no-duplicate-imports": "error",
      "max-lines": ["error", { max: 350, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ["tools/**/*.ts", "bench/**/*.ts", "main.ts", "test/conformance/**/*.ts"], rules: { "no-console": "off" } },
  // Node starts them before TypeScript can be read.
  { files: ["**/*.js"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  {
    files: ["**/*.js"],
    languageOptions: { globals: { module: "writable", require: "readonly", process: "readonly" } },
  },
  arrows(["config/**/*.ts"], forbid("config imports nothing of the project.", "**/tenancy*", ...INFRASTRUCTURE)),
  arrows(["tenancy/**/*.ts"], forbid("tenancy is plain TypeScript over config.", ...INFRASTRUCTURE)),
  arrows(
    ["constructs/**/*.ts"],
    forbid("constructs know neither stacks nor tools.", "**/stacks*", "**/tools*"),
    forbid("Other constructs only through their folder's index.", "../*/*", "!../*/index", "!../../*"),
  ),
  arrows(["stacks/**/*.ts"], forbid("stacks know no tools.", "**/tools*")),
  arrows(
    ["functions/**/*.ts"],
    forbid("functions run in AWS and know nothing of the rest.", "**/config*", "**/tenancy*", ...INFRASTRUCTURE),
  ),
  arrows(
    ["functions/tenant-onboarding/**/*.ts"],
    forbid("tenant-onboarding judges rows by tenancy, and knows nothing else of the rest.", ...INFRASTRUCTURE),
  ),
  arrows(
    ["tools/**/*.ts"],
    forbid(
      "tools read cdktf.out, never constructs.",
      "**/constructs*",
      "**/stacks*",
      "cdktf",
      "constructs",
      "@cdktf/*",
    ),
  ),
);
