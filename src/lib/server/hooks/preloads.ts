import type { ResolveOptions } from '@sveltejs/kit';

const escape = (path: string): string => encodeURI(path).replaceAll('"', '%22').replaceAll('&', '&amp;');

/**
 * Adds a page's modulepreload links to its head. SvelteKit's `Link` header for them takes 3 kB and more, and proxies such
 * as nginx allow 4 kB for all headers of a response.
 */
export function createPreloads(): { preload: NonNullable<ResolveOptions['preload']>; write: (html: string) => string } {
	const modules: string[] = [];
	return {
		preload: ({ type, path }) => {
			if (type === 'js') modules.push(path);
			return false;
		},
		write: (html) =>
			html.replace('</head>', () => {
				const links = modules.map((path) => `<link rel="modulepreload" href="${escape(path)}" />`);
				return `${links.join('')}</head>`;
			})
	};
}
