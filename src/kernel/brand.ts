/** Nominal types over plain values: inside the core a string is never a serial number. Made only by parsers at the border. */
declare const brand: unique symbol;
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };
