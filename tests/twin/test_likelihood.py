"""The conditioning against the textbook: normal distributions have closed forms."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from twin_people import EVIDENCE, conditioned, scan

from trabecula.model import Model
from trabecula.twin.level import predicted, scan_covariance
from trabecula.twin.likelihood import conditional, log_density, scan_log_likelihood
from trabecula.twin.measurements import Scan

RANDOM = np.random.default_rng(1)


def covariances(n, k):
    """Some covariances [n, k, k]."""
    root = RANDOM.normal(size=(n, k, k))
    return root @ root.transpose(0, 2, 1) + np.eye(k)


def test_the_log_density_is_the_textbooks_up_to_a_constant():
    """Differences between draws are those of the multivariate normal."""
    residual, covariance = RANDOM.normal(size=(5, 3)), covariances(5, 3)
    known = [multivariate_normal(np.zeros(3), c).logpdf(r) for r, c in zip(residual, covariance, strict=True)]
    found = log_density(residual, covariance)
    assert found - found[0] == pytest.approx(np.array(known) - known[0])


def test_one_residual_given_others_is_the_ratio_of_densities():
    """p(a | b) = p(a, b) / p(b)."""
    residual, covariance = RANDOM.normal(size=(4, 3)), covariances(4, 3)
    mean, sd = conditional(residual, covariance, np.array([0, 2]), 1)
    keep = np.ix_([0, 2], [0, 2])
    for i in range(4):
        joint = multivariate_normal(np.zeros(3), covariance[i]).logpdf(residual[i])
        known = multivariate_normal(np.zeros(2), covariance[i][keep]).logpdf(residual[i][[0, 2]])
        alone = multivariate_normal(mean[i], sd[i] ** 2).logpdf(residual[i, 1])
        assert alone == pytest.approx(joint - known)


def test_a_scan_of_today_leaves_the_level_that_bayes_leaves():
    """Level and scanner's error are normal: precisions add, and the mean lies between table and scan."""
    bones, seen, _ = conditioned(Model(EVIDENCE).draws(1000), dxa=[scan("2020-06-01", 0.75)])
    course = bones.typical["total_hip"][seen.who, bones.now]
    cv, error = bones.cv["total_hip"], EVIDENCE.scalar("reference.dxa.precision_cv.total_hip") * 0.75
    precision = 1.0 / cv**2 + (course / error) ** 2
    mean = (1.0 / cv**2 + (course / error) ** 2 * (0.75 / course)) / precision
    z = (seen.level["total_hip"] - mean) * np.sqrt(precision)
    assert z.mean() == pytest.approx(0.0, abs=0.1)
    assert z.std() == pytest.approx(1.0, abs=0.1)


def test_scans_vary_as_virtual_scans_do():
    """The covariance of scans is that of many virtual people, scanned with the scanner's error."""
    bones, seen, own = conditioned(Model(EVIDENCE).draws(2500))
    then, now = bones.days[2], bones.on
    scans = [Scan(then, "total_hip", 0.8, 0.0), Scan(now, "femoral_neck", 0.7, 0.0), Scan(now, "total_hip", 0.8, 0.0)]
    virtual = np.stack(
        [own.density(each.site, seen.level)[:, own.place(each.day)] for each in scans], axis=-1
    ) / predicted(bones, scans)
    course = predicted(bones, scans)
    expected = (scan_covariance(bones, scans, seen.sample) / (course[:, :, None] * course[:, None, :])).mean(axis=0)
    assert np.cov(virtual.T) == pytest.approx(expected, rel=0.1)


def test_the_draw_that_foretold_the_scans_is_the_likeliest():
    """A sharp forecast that came true beats one that was off by two standard deviations."""
    bones, seen, _ = conditioned()
    scans = [
        Scan(day, "total_hip", float(np.median(bones.typical["total_hip"][:, bones.place(day)])), 0.014)
        for day in (bones.days[0], bones.on)
    ]
    course = predicted(bones, scans)
    change = np.abs(np.log(course[:, 1] / course[:, 0]) - np.log(scans[1].bmd_g_cm2 / scans[0].bmd_g_cm2))
    log = scan_log_likelihood(bones, scans, seen.sample)
    order = np.argsort(change)
    assert log[order[:20]].mean() > log[order[-20:]].mean()
