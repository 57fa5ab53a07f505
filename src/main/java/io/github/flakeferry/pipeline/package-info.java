/**
 * The sentence: read the event, make the plan, check out, evaluate, build, publish, deploy wave by
 * wave, report. Carries the values between the packages that do the work.
 */
@NullMarked
package io.github.flakeferry.pipeline;

import org.jspecify.annotations.NullMarked;
