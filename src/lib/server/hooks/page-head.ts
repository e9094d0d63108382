import type { RequestEvent, ResolveOptions } from '@sveltejs/kit';

/** The page that edits the style sheet doesn't load it, so that a mistake can be fixed. */
const isEditor = ({ route, params }: RequestEvent): boolean =>
	route.id === '/(console)/admin/settings/[group]' && params['group'] === 'theme';

/** Links the server's custom style sheet, if there is one. The content security policy restricts what it can load. */
function withCustomCss(event: RequestEvent, html: string): string {
	const { customCss } = event.locals.container.settings.current.system.theme;
	if (customCss === '' || isEditor(event)) return html;
	return html.replace('</head>', '<link rel="stylesheet" href="/custom.css" /></head>');
}

const escape = (path: string): string => encodeURI(path).replaceAll('"', '%22').replaceAll('&', '&amp;');

function withPreloads(paths: readonly string[], html: string): string {
	const links = paths.map((path) => `<link rel="modulepreload" href="${escape(path)}" />`);
	return html.replace('</head>', () => `${links.join('')}</head>`);
}

/**
 * Adds links to a page's head: the custom style sheet and the modules to preload. SvelteKit's `Link` header for modules takes
 * 3 kB and more, and proxies such as nginx allow 4 kB for all headers of a response.
 */
export function addToHead(event: RequestEvent): ResolveOptions {
	const modules: string[] = [];
	return {
		preload: ({ type, path }) => {
			if (type === 'js') modules.push(path);
			return false;
		},
		transformPageChunk: ({ html }) => withCustomCss(event, withPreloads(modules, html))
	};
}
