/** The path as it may be logged: a shared link's page has its key or slug in the path, which opens it. */
export const toLoggedPath = (pathname: string): string => pathname.replace(/^\/+(share|s)\/+[^/]+/i, '/$1/…');
