/** Binds a handler to this transport, in an application that has several. */
export const OSLO_TRANSPORT = Symbol('oslo.messaging');
