import { Server } from 'node:http';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';
import { lifecycle } from './src/lib/server/app/lifecycle.ts';

/** Does for the development server what bin/serve.ts does for the built one; the first application loaded keeps the websockets. */
const launcher: Plugin = {
	name: 'launcher',
	configureServer({ httpServer }) {
		lifecycle.listen((line) => process.stdout.write(`${line}\n`));
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
	plugins: [launcher, tailwindcss(), sveltekit()],
	server: { port: 5173 }
});
