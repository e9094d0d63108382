import type { Fault } from './fault.ts';

export const siteFaults: readonly Fault[] = [
	{
		title: 'a cookie is exempt from the cross-site check',
		file: 'src/lib/server/hooks/auth-hook.ts',
		find: 'locals.auth && !isAmbient(locals.auth)',
		replace: 'locals.auth',
		tests: ['tests/api/door/csrf.test.ts']
	},
	{
		title: 'a form of an unknown sender is accepted',
		file: 'src/lib/server/hooks/auth-hook.ts',
		find: "sender === 'own' || (sender === 'unknown' && isApi(event))",
		replace: "sender !== 'foreign'",
		tests: ['tests/api/door/csrf.test.ts']
	},
	{
		title: 'a page that acts is embedded elsewhere',
		file: 'src/lib/server/hooks/auth-hook.ts',
		find: '!isApi(event) && isEmbeddedElsewhere(request.headers, url.origin)',
		replace: 'false',
		tests: ['tests/api/door/csrf.test.ts']
	},
	{
		title: "another site's page opens a websocket by the cookie",
		file: 'src/lib/server/features/realtime/admission.ts',
		find: 'isAmbient(identity) && isForeign(handshake)',
		replace: 'false',
		tests: ['tests/api/realtime/handshake.test.ts']
	},
	{
		title: 'a credential in the address signs in to a page',
		file: 'src/lib/server/hooks/auth-hook.ts',
		find: 'isApi(event) ? url.searchParams : new URLSearchParams()',
		replace: 'url.searchParams',
		tests: ['tests/api/door/credential-in-address.test.ts']
	},
	{
		title: 'credentials in addresses are accepted although turned off',
		file: 'src/lib/server/platform/caller/credentials.ts',
		find: 'isQueryAccepted ? query.get(name) || undefined : undefined',
		replace: 'query.get(name) || undefined',
		tests: ['tests/api/credentials/places.test.ts']
	},
	{
		title: 'the way on after signing in leads to another server',
		file: 'src/lib/server/platform/http/redirects.ts',
		find: '!wanted || wanted.length > longestPath || !/^\\/(?![/\\\\])[^\\\\\\p{Cc}]*$/u.test(wanted)',
		replace: '!wanted',
		tests: ['tests/unit/http/redirects.test.ts']
	},
	{
		title: 'X-Forwarded headers of any peer are believed',
		file: 'bin/request-source.ts',
		find: '!peer.isTrusted',
		replace: 'false',
		tests: ['tests/api/door/proxy.test.ts']
	},
	{
		title: 'any peer vouches for an address',
		file: 'bin/request-source.ts',
		find: 'isTrusted(address) ? readAddress(entry) : null',
		replace: 'readAddress(entry)',
		tests: ['tests/unit/http/forwarded-address.test.ts']
	},
	{
		title: 'any number of proxies is followed',
		file: 'bin/request-source.ts',
		find: '-maxHops',
		replace: '-1_000',
		tests: ['tests/unit/http/forwarded-address.test.ts']
	},
	{
		title: 'an address of any length is read',
		file: 'bin/request-source.ts',
		find: 'entry.length > longestEntry',
		replace: 'false',
		tests: ['tests/unit/http/forwarded-address.test.ts']
	},
	{
		title: 'any text is a host',
		file: 'bin/request-source.ts',
		find: "saneHost.test(host) ? host : 'localhost'",
		replace: 'host',
		tests: ['tests/api/door/proxy.test.ts']
	},
	{
		title: 'every request counts as https',
		file: 'bin/request-source.ts',
		find: "/^(?:https|wss)$/i.test(protocol ?? '')",
		replace: 'true',
		tests: ['tests/api/door/proxy.test.ts']
	},
	{
		title: 'the host in an absolute request target is believed',
		file: 'bin/bridge.ts',
		find: 'canonicalApiPath(pathname + search)',
		replace: 'url',
		tests: ['tests/api/door/bridge.test.ts']
	},
	{
		title: 'a response that fails midway ends as if it were complete',
		file: 'bin/bridge.ts',
		find: 'outgoing.destroy()',
		replace: 'undefined',
		tests: ['tests/unit/http/bridge.test.ts']
	},
	{
		title: 'a backslash in a path is a slash',
		file: 'bin/bridge.ts',
		find: "url.startsWith('/')",
		replace: "(url = url.replaceAll('\\\\', '/')).startsWith('/')",
		tests: ['tests/api/door/bridge.test.ts']
	}
];
