export { connectWebsocket, refuseHandshake } from './websocket.ts';
export { ambiguousRequest, forwardingLoop, servedByUpstream, upstreamUnreachable } from './errors.ts';
export { createUpstream, type Upstream } from './feature.ts';
export { areClear, hasPassed, toForwardedHeaders } from './forwarded-headers.ts';
export { Cut } from './forwarder.ts';
export { toRequestOwner, type RequestOwner } from './open-requests.ts';
export { readTarget, type RequestTarget } from './request-target.ts';
export { askUpstream } from './upstream-health.ts';
