import type { RequestEvent } from '@sveltejs/kit';

/** The page that edits the style sheet doesn't load it, so that a mistake can be fixed. */
const isEditor = ({ route, params }: RequestEvent): boolean =>
	route.id === '/(console)/admin/settings/[group]' && params['group'] === 'theme';

/** Links the server's custom style sheet, if there is one. The content security policy restricts what it can load. */
export function withCustomCss(event: RequestEvent, html: string): string {
	const { customCss } = event.locals.container.settings.current.system.theme;
	if (customCss === '' || isEditor(event)) return html;
	return html.replace('</head>', '<link rel="stylesheet" href="/custom.css" /></head>');
}
