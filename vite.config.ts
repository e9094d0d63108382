import { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';
import { lifecycle } from './src/lib/server/lifecycle.ts';

const superformsZod = fileURLToPath(new URL('./src/lib/server/http/superforms-zod.js', import.meta.url));

/** Serves websockets while developing, as bin/server.ts does for the built application; the first one loaded keeps them. */
const websockets: Plugin = {
	name: 'websockets',
	configureServer({ httpServer }) {
		let isAttached = false;
		lifecycle.onPublished((application) => {
			if (isAttached || !(httpServer instanceof Server)) return;
			isAttached = true;
			application.attach(httpServer, ({ socket, headers }) => ({
				origin: `http://${headers.host ?? ''}`,
				address: socket.remoteAddress ?? ''
			}));
		});
	}
};

export default defineConfig({
	plugins: [tailwindcss(), sveltekit(), websockets],
	// The package's index of adapters would bring every validation library along; only this one is used.
	resolve: { alias: { 'sveltekit-superforms/adapters': superformsZod } },
	server: { port: 5173 }
});
