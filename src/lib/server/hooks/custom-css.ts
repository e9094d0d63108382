import type { RequestEvent } from '@sveltejs/kit';

/** The page on which the style sheet is edited does without it, so that a mistake in it can be mended. */
const isEditor = ({ route, params }: RequestEvent): boolean =>
	route.id === '/(console)/admin/settings/[group]' && params['group'] === 'theme';

/** Links the server's own style sheet in a page, where there is one. What it may load is bounded by the content policy. */
export function withCustomCss(event: RequestEvent, html: string): string {
	const { customCss } = event.locals.container.settings.current.system.theme;
	if (customCss === '' || isEditor(event)) return html;
	return html.replace('</head>', '<link rel="stylesheet" href="/custom.css" /></head>');
}
