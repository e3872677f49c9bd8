import { defineConfig } from "vite";
import { oneFile } from "./tools/one_file.js";

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [oneFile()],
  build: {
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    reportCompressedSize: false,
    rolldownOptions: { input: "toy.html" },
  },
});
