import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const OUT = '../gateway/web/dist'
const LEAST_BYTES = 1024

// Every file compressed beforehand, beside it: the gateway sends these to browsers that take them.
function compressed(): Plugin {
  const files = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? files(join(folder, name)) : [join(folder, name)]))
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const file of files(OUT)) {
        const content = readFileSync(file)
        if (content.length < LEAST_BYTES) continue
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
        writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
      }
    },
  }
}

// Served by the gateway from its own origin under a strict content-security policy: no inline script or style, no data
// URI code. The target is the age of browser found on government desktops. Two builds give the same bytes.
export default defineConfig({
  plugins: [vue(), compressed()],
  base: './',
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: {
    outDir: OUT,
    // The planners' page, and the public one of released results.
    rolldownOptions: { input: { index: 'index.html', released: 'released/index.html' } },
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    modulePreload: false,
    target: ['es2020', 'chrome87'],
  },
  server: { proxy: { '/dafeng.': process.env.DAFENG_BACKEND ?? 'http://127.0.0.1:8080' } },
})
