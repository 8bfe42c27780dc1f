import { expect, test } from "bun:test";
import cases from "../../tests/identity_cases.json";
import { normal } from "../key";

test.each(cases as [string, string][])("%s has one normal form", (address, form) => {
  expect(normal(address)).toBe(form);
  expect(normal(form)).toBe(form);
});
