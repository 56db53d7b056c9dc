import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Served by the gateway from its own origin under a strict content-security policy: no inline script or style, no data
// URI code. The target is the age of browser found on government desktops. Two builds give the same bytes.
export default defineConfig({
  plugins: [vue()],
  base: './',
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: {
    outDir: '../gateway/web/dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    modulePreload: false,
    target: ['es2020', 'chrome87'],
  },
  server: { proxy: { '/dafeng.': process.env.DAFENG_BACKEND ?? 'http://127.0.0.1:8080' } },
})
