const titles: Readonly<Record<string, string>> = {
	auth: 'Sign-in',
	oauth: 'OAuth',
	'api-keys': 'API keys',
	'openapi.json': 'Server',
	'.well-known': 'Server'
};

/** Names the API area of a path: `/api/admin/users/{id}` is in ‘Administration: users’. */
export function getArea(path: string): string {
	const [first = '', second = ''] = path.replace(/^\/(api\/)?/, '').split('/');
	if (first === 'admin') return `Administration: ${toWords(second)}`;
	const words = toWords(first);
	return titles[first] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

const toWords = (segment: string): string => segment.replaceAll('-', ' ');
