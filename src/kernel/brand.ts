/**
 * Nominal types over plain values, made only by the parsers of input. Inside the core a string is
 * therefore never taken for a serial number.
 */
declare const brand: unique symbol;
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };
