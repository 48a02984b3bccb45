import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { world } from './world.ts';

// Everything that the page loads is built into the package; nothing is inlined, because its policy
// allows no inline script, style or worker.
export default defineConfig({
  plugins: [svelte(), world()],
  build: {
    outDir: '../src/entrepot/web/built',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // The licences of what is built in, beside it.
    license: { fileName: 'licences.md' },
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1300,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
