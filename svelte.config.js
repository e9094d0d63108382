import { appendFileSync, existsSync } from 'node:fs';
import adapterNode from '@sveltejs/adapter-node';

/** SvelteKit would import the matchers of path parameters again for each request. */
const keepMatchers = `
const { matchers } = manifest._;
let keptMatchers;
manifest._.matchers = () => (keptMatchers ??= matchers());
`;

/**
 * adapter-node, whose handler.js also exports the application itself and its routes, for bin/serve.ts. Its other export
 * serves static files.
 */
function adapter() {
	const { adapt, ...rest } = adapterNode({ precompress: true });
	return {
		...rest,
		adapt(builder) {
			appendFileSync(`${builder.getServerDirectory()}/manifest.js`, keepMatchers);
			return adapt({
				...builder,
				copy(from, to, options) {
					const copied = builder.copy(from, to, options);
					const entry = `${to}/handler.js`;
					if (existsSync(entry)) appendFileSync(entry, '\nexport { manifest, server };\n');
					return copied;
				}
			});
		}
	};
}

/** @type {import('@sveltejs/kit').Config} */
export default {
	kit: {
		adapter: adapter(),
		// Immich's own files are below /_app, and may be behind this server.
		appDir: '_auth',
		// Kit cannot tell an API key from a cookie; the auth hook checks origins itself (docs/decisions/003).
		csrf: { trustedOrigins: ['*'] },
		csp: {
			mode: 'auto',
			directives: {
				'default-src': ['none'],
				'script-src': ['self'],
				'style-src': ['self', 'unsafe-inline'],
				'img-src': ['self', 'data:'],
				'media-src': ['self'],
				'font-src': ['self'],
				'connect-src': ['self'],
				'manifest-src': ['self'],
				'form-action': ['self'],
				'base-uri': ['none'],
				'object-src': ['none'],
				'frame-ancestors': ['none']
			}
		},
		typescript: {
			config: (config) => {
				config.include.push(
					'../bin/**/*.ts',
					'../bin/*.mjs',
					'../scripts/**/*.ts',
					'../bench/**/*.ts',
					'../*.config.ts'
				);
				return config;
			}
		}
	}
};
