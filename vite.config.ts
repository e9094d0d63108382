import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const superformsZod = fileURLToPath(new URL('./src/lib/server/http/superforms-zod.js', import.meta.url));

export default defineConfig({
	plugins: [tailwindcss(), sveltekit()],
	// The package's index of adapters would bring every validation library along; only this one is used.
	resolve: { alias: { 'sveltekit-superforms/adapters': superformsZod } },
	server: { port: 5173 }
});
