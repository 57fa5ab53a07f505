/** What people read: values in, text out; no I/O. */
@NullMarked
package io.github.flakeferry.report;

import org.jspecify.annotations.NullMarked;
